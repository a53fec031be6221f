import { useRef, useState } from "preact/hooks";
import { t } from "../i18n.js";
import { Card } from "../ui/card.jsx";
import { IconButton } from "../ui/controls.jsx";
import { complain } from "../ui/toasts.jsx";
import { csvOf, pngOf, save } from "./files.js";

/**
 * A chart in its card: drawn, or as the table of the same figures, and as a file of either. `children` draws one `svg.chart`.
 * `columns` are the table's headings; `rows` are arrays of what CSV has, where a cell may be `{value, text}` to be shown otherwise.
 * `file` is the name of the files, `subtitle` what the picture says under its title: survey, days, group.
 */
export function Chart({ title, hint, subtitle = "", file, columns, rows, tools, class: more = "", children, after }) {
  const [isTable, table] = useState(false);
  const figure = useRef();
  const isEmpty = !rows.length;
  const csv = () =>
    save(
      csvOf(
        columns,
        rows.map((row) => row.map((cell) => (cell?.text === undefined ? cell : cell.value))),
      ),
      `${file}.csv`,
    );
  const png = async () => save(await pngOf(figure.current.querySelector("svg.chart"), title, subtitle), `${file}.png`);
  const actions = (
    <>
      {tools}
      {!isEmpty && (
        <>
          <IconButton
            icon={isTable ? "chart" : "table"}
            label={t(isTable ? "chart.draw" : "chart.table", { title })}
            onClick={() => table(!isTable)}
          />
          {!isTable && <IconButton icon="image" label={t("chart.png", { title })} onClick={() => png().catch(complain)} />}
          <IconButton icon="download" label={t("chart.csv", { title })} onClick={csv} />
        </>
      )}
    </>
  );
  return (
    <Card title={title} hint={hint} actions={actions} class={`chart-card ${more}`}>
      <figure ref={figure}>{isTable ? <Figures title={title} columns={columns} rows={rows} /> : children}</figure>
      {after}
    </Card>
  );
}

function Figures({ title, columns, rows }) {
  const isNumber = (at) => rows.some((row) => typeof (row[at]?.value ?? row[at]) == "number");
  const kind = (at) => (isNumber(at) ? "number" : undefined);
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={t("chart.figures", { title })}>
      <table>
        <caption class="hidden">{title}</caption>
        <thead>
          <tr>
            {columns.map((each, at) => (
              <th key={at} scope="col" class={kind(at)}>
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, at) =>
                at ? (
                  <td key={at} class={kind(at)}>
                    {cell?.text ?? cell ?? "–"}
                  </td>
                ) : (
                  <th key={at} scope="row">
                    {cell?.text ?? cell}
                  </th>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
