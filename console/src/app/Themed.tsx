import { FluentProvider, makeStyles, webDarkTheme, webLightTheme } from "@fluentui/react-components";
import { useEffect, type ReactNode } from "react";
import { useIsDark } from "../theme";

const useStyles = makeStyles({ root: { height: "100%" } });

export function Themed({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const isDark = useIsDark();
  useEffect(() => {
    // Scroll bars and native pickers follow.
    document.documentElement.style.colorScheme = isDark ? "dark" : "light";
  }, [isDark]);
  return (
    <FluentProvider theme={isDark ? webDarkTheme : webLightTheme} className={styles.root}>
      {children}
    </FluentProvider>
  );
}
