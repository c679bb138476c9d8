import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  Image,
  makeStyles,
  MessageBar,
  MessageBarBody,
  OverlayDrawer,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { Dismiss20Regular, Navigation20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useStream } from "../api/stream";
import { narrow, phone } from "../components/layout";
import { useRoute } from "../routing";
import { texts } from "../texts";
import { AccountMenu } from "./AccountMenu";
import { Navigation } from "./Navigation";
import { pageOf } from "./pages";

const useStyles = makeStyles({
  shell: {
    height: "100%",
    display: "grid",
    gridTemplate: '"head head" 48px "nav main" minmax(0, 1fr) / 212px minmax(0, 1fr)',
    backgroundColor: tokens.colorNeutralBackground2,
    [narrow]: { gridTemplate: '"head" 48px "main" minmax(0, 1fr) / minmax(0, 1fr)' },
  },
  head: {
    gridArea: "head",
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    padding: `0 ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  menu: { display: "none", [narrow]: { display: "inline-flex" } },
  brand: { flexGrow: 1 },
  navigation: {
    gridArea: "nav",
    padding: tokens.spacingHorizontalS,
    backgroundColor: tokens.colorNeutralBackground1,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowY: "auto",
    [narrow]: { display: "none" },
  },
  main: {
    gridArea: "main",
    position: "relative",
    overflowY: "auto",
    // None below: what sticks to the bottom stands at the very bottom.
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXXL} 0`,
    [narrow]: { padding: `${tokens.spacingHorizontalL} ${tokens.spacingHorizontalL} 0` },
    [phone]: { padding: `${tokens.spacingHorizontalM} ${tokens.spacingHorizontalM} 0` },
  },
  content: { maxWidth: "1560px", paddingBottom: tokens.spacingVerticalL },
  lost: { marginBottom: tokens.spacingVerticalM },
});

/** What stands around each page. */
export function Shell() {
  const styles = useStyles();
  const route = useRoute();
  const connected = useStream();
  const [opened, setOpened] = useState(false);
  const page = pageOf(route);
  return (
    <div className={styles.shell}>
      <header className={styles.head}>
        <Button
          className={styles.menu}
          appearance="subtle"
          icon={<Navigation20Regular />}
          aria-label={texts.navigation.open}
          onClick={() => setOpened(true)}
        />
        <Image src="/headwater.svg" alt="" width={24} height={24} />
        <Subtitle2 className={styles.brand}>{texts.product}</Subtitle2>
        <AccountMenu />
      </header>
      <div className={styles.navigation}>
        <Navigation here={page.name} />
      </div>
      <OverlayDrawer open={opened} onOpenChange={(_, { open }) => setOpened(open)} size="small">
        <DrawerHeader>
          <DrawerHeaderTitle
            action={
              <Button
                appearance="subtle"
                icon={<Dismiss20Regular />}
                aria-label={texts.close}
                onClick={() => setOpened(false)}
              />
            }
          >
            {texts.product}
          </DrawerHeaderTitle>
        </DrawerHeader>
        <DrawerBody>
          <Navigation here={page.name} onChosen={() => setOpened(false)} />
        </DrawerBody>
      </OverlayDrawer>
      <main className={styles.main}>
        <div className={styles.content}>
          {!connected && (
            <MessageBar intent="warning" layout="multiline" className={styles.lost} role="status">
              <MessageBarBody>{texts.problems.streamLost}</MessageBarBody>
            </MessageBar>
          )}
          {page.render(route)}
        </div>
      </main>
    </div>
  );
}
