import { makeStyles, tokens } from "@fluentui/react-components";
import { useTransfers } from "../../api/queries";
import type { Transfers } from "../../api/types";
import { Answer } from "../../components/Answer";
import { Page } from "../../components/Page";
import { texts } from "../../texts";
import { FailingUpdates } from "./FailingUpdates";
import { Queue } from "./Queue";
import { ServiceState } from "./ServiceState";

const useStyles = makeStyles({
  sections: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
});

/** #/transfers: the files of updates on their way, and those that do not come. */
export function TransfersPage() {
  const styles = useStyles();
  const transfers = useTransfers();
  return (
    <Page title={texts.transfers.title}>
      <Answer query={transfers}>
        {(state: Transfers) => (
          <div className={styles.sections}>
            <ServiceState state={state} />
            <FailingUpdates failed={state.failed} />
            <Queue files={state.files} />
          </div>
        )}
      </Answer>
    </Page>
  );
}
