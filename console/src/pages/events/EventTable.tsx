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
import type { ServerEvent } from "../../api/types";
import { narrow, phone } from "../../components/layout";
import { SeverityMark } from "../../components/marks";
import { formatTime } from "../../format";
import { linkTo, navigate } from "../../routing";
import { texts } from "../../texts";

const useStyles = makeStyles({
  // On a telephone each row is two lines: when and how bad, then the text in full.
  table: { [phone]: { display: "block" } },
  body: { [phone]: { display: "block" } },
  header: { [phone]: { display: "none" } },
  row: {
    cursor: "pointer",
    [phone]: {
      display: "grid",
      gridTemplateColumns: "auto minmax(0, 1fr)",
      columnGap: tokens.spacingHorizontalM,
      padding: `${tokens.spacingVerticalXS} 0`,
    },
  },
  chosen: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  time: { width: "150px", [phone]: { width: "auto", height: "auto" } },
  severity: { width: "110px", [phone]: { width: "auto", height: "auto" } },
  number: { width: "72px", fontVariantNumeric: "tabular-nums", [narrow]: { display: "none" } },
  textCell: { [phone]: { gridColumn: "1 / -1", height: "auto" } },
  text: {
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    display: "block",
    [phone]: { whiteSpace: "normal", overflowWrap: "anywhere" },
  },
});

interface Props {
  events: ServerEvent[];
  chosen: number | null;
  query: { severity: string; number: string };
}

export function EventTable({ events, chosen, query }: Props) {
  const styles = useStyles();
  const { columns } = texts.events;
  return (
    <Table size="small" className={styles.table} aria-label={texts.events.list}>
      <TableHeader className={styles.header}>
        <TableRow>
          <TableHeaderCell className={styles.time}>{columns.time}</TableHeaderCell>
          <TableHeaderCell className={styles.severity}>{columns.severity}</TableHeaderCell>
          <TableHeaderCell className={styles.number}>{columns.number}</TableHeaderCell>
          <TableHeaderCell>{columns.text}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody className={styles.body}>
        {events.map((event) => {
          const link = linkTo(["events", event.id], query);
          return (
            <TableRow
              key={event.id}
              className={mergeClasses(styles.row, event.id === chosen && styles.chosen)}
              aria-selected={event.id === chosen}
              data-event={event.number}
              onClick={() => navigate(link)}
            >
              <TableCell className={styles.time}>
                <Link href={link} {...(event.id === chosen && { "aria-current": true })}>
                  {formatTime(event.time)}
                </Link>
              </TableCell>
              <TableCell className={styles.severity}>
                <SeverityMark severity={event.severity} />
              </TableCell>
              <TableCell className={styles.number}>{event.number}</TableCell>
              <TableCell className={styles.textCell}>
                <span className={styles.text} title={event.text}>
                  {event.text}
                </span>
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
