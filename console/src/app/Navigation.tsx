import { CounterBadge, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useHealth } from "../api/queries";
import { linkTo } from "../routing";
import { texts } from "../texts";
import { pages } from "./pages";
import { useCanChange } from "./user";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column", rowGap: "2px" },
  link: {
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    borderLeft: "3px solid transparent",
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  here: {
    borderLeftColor: tokens.colorBrandStroke1,
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
  },
  grow: { flexGrow: 1 },
});

export function Navigation({ here, onChosen }: { here: string; onChosen?: () => void }) {
  const styles = useStyles();
  const canChange = useCanChange();
  const conditions = useHealth().data?.length ?? 0;
  return (
    <nav aria-label={texts.navigation.title}>
      <ul className={styles.list}>
        {pages
          .filter((page) => canChange || page.administratorsOnly !== true)
          .map((page) => (
            <li key={page.name}>
              <a
                href={linkTo([page.name])}
                className={mergeClasses(styles.link, page.name === here && styles.here)}
                {...(page.name === here && { "aria-current": "page" as const })}
                {...(onChosen && { onClick: onChosen })}
              >
                {page.icon}
                <span className={styles.grow}>{page.title}</span>
                {page.name === "events" && conditions > 0 && (
                  <CounterBadge
                    size="small"
                    color="danger"
                    count={conditions}
                    aria-label={texts.navigation.openConditions(conditions)}
                  />
                )}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}
