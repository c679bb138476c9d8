import {
  Link,
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from "@fluentui/react-components";
import type { Run } from "../../api/types";
import { narrow, phone } from "../../components/layout";
import { ResultMark } from "../../components/marks";
import { formatCount, formatDuration, formatTime, secondsBetween } from "../../format";
import { linkTo, navigate } from "../../routing";
import { texts } from "../../texts";

const useStyles = makeStyles({
  row: { cursor: "pointer" },
  chosen: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  started: { width: "150px", [phone]: { width: "128px" } },
  duration: { width: "96px", [narrow]: { display: "none" } },
  type: { width: "88px", [phone]: { display: "none" } },
  result: { width: "118px" },
  count: { width: "72px", textAlign: "right", justifyContent: "end", [phone]: { display: "none" } },
  number: { textAlign: "right", fontVariantNumeric: "tabular-nums" },
});

const { columns, counts, kinds } = texts.synchronizations;

/** The history. The whole row leads to the details; the link in it is for the keyboard. */
export function RunTable({ runs, chosen }: { runs: Run[]; chosen: number | null }) {
  const styles = useStyles();
  return (
    <Table size="small" aria-label={texts.synchronizations.list}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.started}>{columns.started}</TableHeaderCell>
          <TableHeaderCell className={styles.duration}>{columns.duration}</TableHeaderCell>
          <TableHeaderCell className={styles.type}>{columns.type}</TableHeaderCell>
          <TableHeaderCell className={styles.result}>{columns.result}</TableHeaderCell>
          {(["new", "revised", "expired"] as const).map((change) => (
            <TableHeaderCell key={change} className={styles.count} button={{ className: styles.count }}>
              {counts[change]}
            </TableHeaderCell>
          ))}
        </TableRow>
      </TableHeader>
      <TableBody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} chosen={run.id === chosen} />
        ))}
      </TableBody>
    </Table>
  );
}

function RunRow({ run, chosen }: { run: Run; chosen: boolean }) {
  const styles = useStyles();
  const link = linkTo(["synchronizations", run.id]);
  return (
    <TableRow
      className={mergeClasses(styles.row, chosen && styles.chosen)}
      aria-selected={chosen}
      data-run={run.id}
      onClick={() => navigate(link)}
    >
      <TableCell className={styles.started}>
        <Link href={link} {...(chosen && { "aria-current": true })}>
          {formatTime(run.started)}
        </Link>
      </TableCell>
      <TableCell className={styles.duration}>
        {run.ended === null ? "" : formatDuration(secondsBetween(run.started, run.ended))}
      </TableCell>
      <TableCell className={styles.type}>{kinds[run.kind]}</TableCell>
      <TableCell className={styles.result}>
        <ResultMark result={run.result} />
      </TableCell>
      {[run.new_updates, run.revised_updates, run.expired_updates].map((count, index) => (
        <TableCell key={index} className={mergeClasses(styles.count, styles.number)}>
          {formatCount(count)}
        </TableCell>
      ))}
    </TableRow>
  );
}
