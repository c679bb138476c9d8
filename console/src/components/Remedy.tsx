import { Link, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowRight16Regular } from "@fluentui/react-icons";
import type { Place } from "../places";
import { texts } from "../texts";

const useStyles = makeStyles({
  remedy: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderLeft: `3px solid ${tokens.colorBrandStroke1}`,
    backgroundColor: tokens.colorNeutralBackground2,
    overflowWrap: "anywhere",
  },
  heading: { fontWeight: tokens.fontWeightSemibold },
  // Remedies of several ways have a line for each.
  text: { whiteSpace: "pre-line" },
  link: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS },
});

/** What to do, and the way to where it is done. */
export function Remedy({ text, place }: { text: string; place: Place | null }) {
  const styles = useStyles();
  if (text === "" && place === null) {
    return null;
  }
  return (
    <div className={styles.remedy}>
      <div className={styles.heading}>{texts.remedy}</div>
      {text !== "" && <div className={styles.text}>{text}</div>}
      {place !== null && (
        <Link href={place.link} className={styles.link}>
          {place.label}
          <ArrowRight16Regular aria-hidden="true" />
        </Link>
      )}
    </div>
  );
}
