import { Chart } from "../../charts/chart.jsx";
import { Distribution } from "../../charts/distribution.jsx";
import { classOf } from "../../charts/measure.js";
import { percent, t } from "../../i18n.js";

export function DistributionCard({ report: { data }, subtitle, file }) {
  const { distribution, answers } = data;
  const rows = distribution.map((count, score) => {
    const share = answers ? count / answers : 0;
    return [
      { value: score, text: String(score) },
      t(`class.${classOf(score)}`),
      count,
      { value: share, text: percent(share, 1) },
    ];
  });
  const columns = [t("distribution.score"), t("distribution.class"), t("distribution.answers"), t("distribution.share")];
  return (
    <Chart
      title={t("distribution.title")}
      subtitle={subtitle}
      file={`${file}-distribution`}
      columns={columns}
      rows={rows}
      class="third"
    >
      <Distribution distribution={distribution} />
    </Chart>
  );
}
