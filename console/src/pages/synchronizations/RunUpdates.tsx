import { Button, Link, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import { ArrowLeft16Regular, ChevronLeft20Regular, ChevronRight20Regular } from "@fluentui/react-icons";
import { pageOfUpdates, useRunUpdates } from "../../api/queries";
import type { Change, RunUpdate } from "../../api/types";
import { Answer } from "../../components/Answer";
import { linkTo, navigate } from "../../routing";
import { texts } from "../../texts";

const useStyles = makeStyles({
  back: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
  list: { margin: 0, padding: 0, listStyleType: "none" },
  item: { padding: `${tokens.spacingVerticalXS} 0`, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  title: { overflowWrap: "anywhere" },
  id: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, overflowWrap: "anywhere" },
  pages: { display: "flex", alignItems: "center", columnGap: tokens.spacingHorizontalS },
  heading: { margin: 0 },
});

interface Props {
  run: number;
  change: Change;
  offset: number;
}

/** The updates that one run brought, revised or let expire. */
export function RunUpdates({ run, change, offset }: Props) {
  const styles = useStyles();
  const query = useRunUpdates(run, change, offset);
  const goTo = (next: number) =>
    navigate(linkTo(["synchronizations", run, change], { offset: next > 0 ? String(next) : undefined }));
  return (
    <>
      <Link href={linkTo(["synchronizations", run])} className={styles.back}>
        <ArrowLeft16Regular aria-hidden="true" /> {texts.run.allOfRun}
      </Link>
      <Subtitle2 as="h3" className={styles.heading}>
        {texts.run.changes[change]}
      </Subtitle2>
      <Answer query={query}>
        {({ total, updates }: { total: number; updates: RunUpdate[] }) => (
          <>
            {updates.length === 0 && <div>{texts.run.none}</div>}
            <ul className={styles.list} aria-label={texts.run.changes[change]}>
              {updates.map((update) => (
                <li key={`${update.update_id}.${update.revision_number}`} className={styles.item}>
                  <div className={styles.title}>{update.title}</div>
                  <div className={styles.id}>
                    {update.update_id}, {texts.run.revision} {update.revision_number}
                  </div>
                </li>
              ))}
            </ul>
            {total > pageOfUpdates && (
              <div className={styles.pages}>
                <Button
                  icon={<ChevronLeft20Regular />}
                  aria-label={texts.run.previous}
                  disabled={offset === 0}
                  onClick={() => goTo(Math.max(0, offset - pageOfUpdates))}
                />
                <span role="status">{texts.run.range(offset + 1, offset + updates.length, total)}</span>
                <Button
                  icon={<ChevronRight20Regular />}
                  aria-label={texts.run.next}
                  disabled={offset + updates.length >= total}
                  onClick={() => goTo(offset + pageOfUpdates)}
                />
              </div>
            )}
          </>
        )}
      </Answer>
    </>
  );
}
