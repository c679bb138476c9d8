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
  row: { cursor: "pointer" },
  chosen: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  time: { width: "150px", [phone]: { width: "92px" } },
  severity: { width: "110px", [phone]: { width: "104px" } },
  number: { width: "72px", fontVariantNumeric: "tabular-nums", [narrow]: { display: "none" } },
  text: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", display: "block" },
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
    <Table size="small" aria-label={texts.events.list}>
      <TableHeader>
        <TableRow>
          <TableHeaderCell className={styles.time}>{columns.time}</TableHeaderCell>
          <TableHeaderCell className={styles.severity}>{columns.severity}</TableHeaderCell>
          <TableHeaderCell className={styles.number}>{columns.number}</TableHeaderCell>
          <TableHeaderCell>{columns.text}</TableHeaderCell>
        </TableRow>
      </TableHeader>
      <TableBody>
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
              <TableCell>
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
