import { makeStyles, mergeClasses, Spinner, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircle16Filled,
  Circle16Regular,
  DismissCircle16Filled,
  Info16Regular,
  SubtractCircle16Regular,
  Warning16Filled,
} from "@fluentui/react-icons";

export type MarkKind = "good" | "warning" | "bad" | "information" | "neutral" | "waiting" | "busy";

const useStyles = makeStyles({
  mark: { display: "inline-flex", alignItems: "center", columnGap: tokens.spacingHorizontalXS, whiteSpace: "nowrap" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warning: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  information: { color: tokens.colorBrandForeground1 },
  neutral: { color: tokens.colorNeutralForeground3 },
  word: { color: tokens.colorNeutralForeground1 },
});

const icons = {
  good: <CheckmarkCircle16Filled />,
  warning: <Warning16Filled />,
  bad: <DismissCircle16Filled />,
  information: <Info16Regular />,
  neutral: <SubtractCircle16Regular />,
  waiting: <Circle16Regular />,
  busy: <Spinner size="extra-tiny" />,
};

/** A state as a sign and a word: the colour is never alone. */
export function Mark({ kind, word }: { kind: MarkKind; word: string }) {
  const styles = useStyles();
  const colour = kind === "waiting" || kind === "busy" ? styles.neutral : styles[kind];
  return (
    <span className={mergeClasses(styles.mark, colour)}>
      <span aria-hidden="true" style={{ display: "inline-flex" }}>
        {icons[kind]}
      </span>
      <span className={styles.word}>{word}</span>
    </span>
  );
}
