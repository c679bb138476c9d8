import {
  Body1,
  makeStyles,
  Subtitle2,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from "@fluentui/react-components";
import type { TransferFile, TransferState } from "../../api/types";
import { narrow } from "../../components/layout";
import { Mark, type MarkKind } from "../../components/Mark";
import { formatBytes, formatTime } from "../../format";
import { texts } from "../../texts";

const useStyles = makeStyles({
  title: { display: "block", margin: 0 },
  state: { width: "280px", [narrow]: { width: "auto" } },
  size: { width: "110px", [narrow]: { display: "none" } },
  deadline: { width: "150px", [narrow]: { display: "none" } },
  name: { overflowWrap: "anywhere" },
});

const marks: Record<TransferState, MarkKind> = {
  waiting: "waiting",
  paused: "neutral",
  failed: "bad",
  cancelled: "neutral",
};

/** What is under way, then what waits in its order, then what does not come. */
export function Queue({ files }: { files: TransferFile[] }) {
  const styles = useStyles();
  const { columns } = texts.transfers;
  return (
    <section aria-label={texts.transfers.queue}>
      <Subtitle2 as="h2" className={styles.title}>
        {texts.transfers.queue}
      </Subtitle2>
      {files.length === 0 ? (
        <Body1>{texts.transfers.empty}</Body1>
      ) : (
        <Table size="small" aria-label={texts.transfers.queue}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{columns.file}</TableHeaderCell>
              <TableHeaderCell className={styles.state}>{columns.state}</TableHeaderCell>
              <TableHeaderCell className={styles.size}>{columns.size}</TableHeaderCell>
              <TableHeaderCell className={styles.deadline}>{columns.deadline}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {files.map((file) => (
              <TableRow key={file.sha1}>
                <TableCell className={styles.name} title={file.sha1}>
                  {file.name}
                </TableCell>
                <TableCell className={styles.state}>
                  <StateMark file={file} />
                </TableCell>
                <TableCell className={styles.size}>{formatBytes(file.size)}</TableCell>
                <TableCell className={styles.deadline}>{formatTime(file.deadline)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </section>
  );
}

function StateMark({ file }: { file: TransferFile }) {
  if (file.active) {
    const { transferred, size, rate } = file;
    const word = texts.transfers.progress(formatBytes(transferred), formatBytes(size), formatBytes(rate));
    return <Mark kind="busy" word={word} />;
  }
  return <Mark kind={marks[file.state]} word={texts.transfers.states[file.state]} />;
}
