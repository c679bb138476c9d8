import { Body1, Button, makeStyles, tokens } from "@fluentui/react-components";
import { Play20Filled, Stop20Regular } from "@fluentui/react-icons";
import { useCheckNames } from "../../api/queries";
import type { CheckName } from "../../api/types";
import { checksAsText } from "../../checks/checks";
import { CheckList } from "../../checks/CheckList";
import { useCheckRun } from "../../checks/useCheckRun";
import { Answer } from "../../components/Answer";
import { CopyButton } from "../../components/CopyButton";
import { Page } from "../../components/Page";
import { formatTime } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  text: { display: "block", maxWidth: "72ch", marginBottom: tokens.spacingVerticalM },
  names: { margin: 0, paddingLeft: tokens.spacingHorizontalXL, lineHeight: tokens.lineHeightBase400 },
});

export function DoctorPage() {
  const styles = useStyles();
  const names = useCheckNames();
  const run = useCheckRun();
  const begun = run.items.length > 0;

  const actions = (
    <>
      {begun && !run.running && (
        <CopyButton
          label={texts.doctor.copy}
          text={() => checksAsText(`${texts.doctor.asText}, ${formatTime(new Date().toISOString())}`, run.items)}
        />
      )}
      {run.running ? (
        <Button icon={<Stop20Regular />} onClick={run.stop}>
          {texts.doctor.stop}
        </Button>
      ) : (
        <Button
          appearance="primary"
          icon={<Play20Filled />}
          disabled={names.data === undefined}
          onClick={() => run.start(names.data ?? [])}
        >
          {begun ? texts.doctor.again : texts.doctor.run}
        </Button>
      )}
    </>
  );

  return (
    <Page title={texts.doctor.title} actions={actions}>
      <Body1 className={styles.text}>{texts.doctor.text}</Body1>
      {begun ? (
        <CheckList run={run} label={texts.doctor.title} />
      ) : (
        <Answer query={names}>
          {(checks: CheckName[]) => (
            <ol className={styles.names}>
              {checks.map((check) => (
                <li key={check.name}>{check.title}</li>
              ))}
            </ol>
          )}
        </Answer>
      )}
    </Page>
  );
}
