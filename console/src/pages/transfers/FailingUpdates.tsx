import { Body1, Button, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import { ArrowClockwise20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useFailingUpdates, useOrderTransfers } from "../../api/queries";
import type { ContentMark, TransferOrder, UpdateRow } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Answer } from "../../components/Answer";
import { FormDialog } from "../../components/FormDialog";
import { Mark } from "../../components/Mark";
import { ProblemBar } from "../../components/ProblemBar";
import { Remedy } from "../../components/Remedy";
import { formatTime } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: tokens.spacingHorizontalS },
  title: { margin: 0 },
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} 0`,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  line: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground3 },
  text: { overflowWrap: "anywhere" },
  buttons: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** The updates with the red X: why, for how long, and each way out. */
export function FailingUpdates({ failed }: { failed: number }) {
  const styles = useStyles();
  const failing = useFailingUpdates(failed);
  const order = useOrderTransfers();
  const canChange = useCanChange();
  return (
    <section aria-label={texts.transfers.failing}>
      <div className={styles.head}>
        <Subtitle2 as="h2" className={styles.title}>
          {texts.transfers.failing}
        </Subtitle2>
        {canChange && failed > 0 && (
          <Button
            size="small"
            icon={<ArrowClockwise20Regular />}
            disabled={order.isPending}
            onClick={() => order.mutate({ verb: "retry", all: true })}
          >
            {texts.transfers.retryAll}
          </Button>
        )}
      </div>
      <ProblemBar error={order.error} />
      <Answer query={failing}>
        {({ updates, total }: { updates: UpdateRow[]; total: number }) =>
          total === 0 ? (
            <Body1>{texts.transfers.noneFailing}</Body1>
          ) : (
            <>
              <ul className={styles.list}>
                {updates.map(
                  (update) => update.content !== null && <Item key={update.id} update={update} mark={update.content} />,
                )}
              </ul>
              {updates.length < total && <Body1>{texts.transfers.more(updates.length, total)}</Body1>}
            </>
          )
        }
      </Answer>
    </section>
  );
}

function Item({ update, mark }: { update: UpdateRow; mark: ContentMark }) {
  const styles = useStyles();
  const canChange = useCanChange();
  const reason = mark.reason === null ? texts.transfers.unknownReason : texts.transfers.reasons[mark.reason];
  return (
    <li className={styles.item} data-update={update.id}>
      <div className={styles.text}>{update.title}</div>
      <div className={styles.line}>
        <Mark kind="bad" word={reason} />
        <span className={styles.quiet}>{texts.transfers.since(formatTime(mark.since))}</span>
      </div>
      <div className={styles.text}>{mark.error}</div>
      {mark.reason === "not_on_upstream" && <Remedy text={texts.transfers.chooseThere} place={null} />}
      {canChange && <WaysOut update={update} />}
    </li>
  );
}

function WaysOut({ update }: { update: UpdateRow }) {
  const styles = useStyles();
  const order = useOrderTransfers();
  const [declines, setDeclines] = useState(false);
  const give = (verb: TransferOrder["verb"]) => order.mutate({ verb, updates: [update.id] });
  return (
    <>
      {!declines && <ProblemBar error={order.error} />}
      <div className={styles.buttons}>
        <Button size="small" disabled={order.isPending} onClick={() => give("retry")}>
          {texts.transfers.retry}
        </Button>
        <Button size="small" disabled={order.isPending} onClick={() => give("cancel")}>
          {texts.transfers.cancel}
        </Button>
        <Button
          size="small"
          disabled={order.isPending}
          onClick={() => {
            order.reset();
            setDeclines(true);
          }}
        >
          {texts.transfers.decline}
        </Button>
      </div>
      {declines && (
        <FormDialog
          title={texts.transfers.declineTitle}
          submit={texts.transfers.declineIt}
          valid
          pending={order.isPending}
          error={order.error}
          onSubmit={() =>
            order.mutate(
              { verb: "cancel", updates: [update.id], decline: true },
              { onSuccess: () => setDeclines(false) },
            )
          }
          onClose={() => setDeclines(false)}
        >
          <div className={styles.text}>{update.title}</div>
          {texts.transfers.declineText}
        </FormDialog>
      )}
    </>
  );
}
