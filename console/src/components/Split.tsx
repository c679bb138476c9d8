import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { narrow, wide } from "./layout";

const useStyles = makeStyles({
  split: { display: "grid", rowGap: tokens.spacingVerticalL, columnGap: tokens.spacingHorizontalXL, alignItems: "start" },
  withDetails: { [wide]: { gridTemplateColumns: "minmax(0, 1fr) minmax(420px, 40%)" } },
  list: { minWidth: 0 },
  hiddenWhenNarrow: { [narrow]: { display: "none" } },
  details: {
    minWidth: 0,
    padding: tokens.spacingHorizontalL,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow4,
    [wide]: { position: "sticky", top: 0, maxHeight: "calc(100vh - 72px)", overflowY: "auto", boxSizing: "border-box" },
    [narrow]: { padding: tokens.spacingHorizontalM },
  },
});

/** A list, and the details of the chosen row: beside it, below it, or in its place, as there is room. */
export function Split({ list, details }: { list: ReactNode; details: ReactNode | null }) {
  const styles = useStyles();
  const chosen = details !== null;
  return (
    <div className={mergeClasses(styles.split, chosen && styles.withDetails)}>
      <div className={mergeClasses(styles.list, chosen && styles.hiddenWhenNarrow)}>{list}</div>
      {chosen && <section className={styles.details}>{details}</section>}
    </div>
  );
}
