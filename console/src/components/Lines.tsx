import { makeStyles, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  lines: {
    margin: 0,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    listStyleType: "none",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: "anywhere",
  },
});

/** Evidence, or causes: in the order in which they were told. */
export function Lines({ lines, label }: { lines: string[]; label: string }) {
  const styles = useStyles();
  return lines.length === 0 ? null : (
    <ol className={styles.lines} aria-label={label}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ol>
  );
}
