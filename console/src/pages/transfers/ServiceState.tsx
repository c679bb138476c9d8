import { Button, makeStyles, MessageBar, MessageBarBody, tokens } from "@fluentui/react-components";
import { Pause20Regular, Play20Regular, Stop20Regular } from "@fluentui/react-icons";
import { useOrderTransfers, useTransferService } from "../../api/queries";
import type { Transfers, TransferService } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Facts } from "../../components/Facts";
import { Mark, type MarkKind } from "../../components/Mark";
import { ProblemBar } from "../../components/ProblemBar";
import { formatBytes } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  section: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

const marks: Record<TransferService, MarkKind> = { running: "good", paused: "warning", stopped: "bad" };

export function ServiceState({ state }: { state: Transfers }) {
  const styles = useStyles();
  const canChange = useCanChange();
  const { rate, limit } = state;
  return (
    <section className={styles.section} aria-label={texts.transfers.service}>
      <Facts
        facts={[
          [
            texts.transfers.service,
            <Mark key="service" kind={marks[state.service]} word={texts.transfers.services[state.service]} />,
          ],
          [
            texts.transfers.rate,
            limit > 0
              ? texts.transfers.limited(formatBytes(rate), formatBytes(limit))
              : texts.transfers.perSecond(formatBytes(rate)),
          ],
          [texts.transfers.waiting, texts.transfers.filesOf(state.waiting, formatBytes(state.waiting_bytes))],
        ]}
      />
      {state.service === "stopped" && <Warning text={texts.transfers.stoppedText} />}
      {state.disk_full && <Warning text={texts.transfers.diskFull} />}
      {canChange && <Buttons service={state.service} />}
    </section>
  );
}

function Warning({ text }: { text: string }) {
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}

function Buttons({ service }: { service: TransferService }) {
  const styles = useStyles();
  const change = useTransferService();
  const order = useOrderTransfers();
  const pending = change.isPending || order.isPending;
  return (
    <>
      <ProblemBar error={change.error ?? order.error} />
      <div className={styles.buttons}>
        {service === "running" && (
          <Button icon={<Pause20Regular />} disabled={pending} onClick={() => order.mutate({ verb: "pause", all: true })}>
            {texts.transfers.pauseAll}
          </Button>
        )}
        {service === "paused" && (
          <Button
            appearance="primary"
            icon={<Play20Regular />}
            disabled={pending}
            onClick={() => order.mutate({ verb: "resume", all: true })}
          >
            {texts.transfers.resumeAll}
          </Button>
        )}
        {service === "stopped" ? (
          <Button appearance="primary" icon={<Play20Regular />} disabled={pending} onClick={() => change.mutate("start")}>
            {texts.transfers.start}
          </Button>
        ) : (
          <Button icon={<Stop20Regular />} disabled={pending} onClick={() => change.mutate("stop")}>
            {texts.transfers.stop}
          </Button>
        )}
      </div>
    </>
  );
}
