import { useState } from "preact/hooks";
import { useData } from "../../data.js";
import { t } from "../../i18n.js";
import { address } from "../../router.js";
import { useSurveyNames } from "../../survey/survey.jsx";
import { Button } from "../../ui/controls.jsx";
import { Card } from "../../ui/card.jsx";
import { Page } from "../../ui/page.jsx";
import { Empty, Loaded } from "../../ui/states.jsx";
import { Channel } from "./channel.jsx";
import { ChannelDialog } from "./channel-dialog.jsx";
import { Status } from "./status.jsx";

/** Where alerts go; `channels/ID` is one of them. */
export default function Channels({ below: [which] }) {
  return which ? <Channel id={which} /> : <List />;
}

function List() {
  const channels = useData("channels");
  const [isMaking, make] = useState(false);
  const button = <Button kind="primary" icon="plus" onClick={() => make(true)}>{t("channel.new")}</Button>;
  return (
    <Page title={t("nav.channels")} hint={t("channels.hint")} actions={button}>
      <Card title={t("channels.all")}>
        <Loaded of={channels} isEmpty={(data) => !data.channels.length} empty={<Empty icon="channels" title={t("channels.none")} action={button}>{t("channels.none.what")}</Empty>}>
          {(data) => (
            <div class="scroll" tabindex={0} role="group" aria-label={t("channels.all")}>
              <table class="stacked">
                <thead><tr>{["name", "kind", "status", "hears"].map((each) => <th key={each} scope="col">{t(`channel.${each}`)}</th>)}</tr></thead>
                <tbody>{data.channels.map((each) => <Row key={each.channel_id} of={each} />)}</tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Card>
      {isMaking && <ChannelDialog close={() => make(false)} />}
    </Page>
  );
}

function Row({ of }) {
  const named = useSurveyNames();
  const { score_at_most, surveys } = of.rules;
  return (
    <tr>
      <th scope="row"><a href={address(`channels/${of.channel_id}`)}>{of.name}</a><p class="hint">{of.host}</p></th>
      <td>{t(`channel.kind.${of.kind}`)}</td>
      <td><Status of={of} /></td>
      <td>{t("channel.scores", { n: score_at_most })}<p class="hint">{named(surveys) || t("channel.every_survey")}</p></td>
    </tr>
  );
}
