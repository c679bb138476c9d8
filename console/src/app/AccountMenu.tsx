import {
  makeStyles,
  Menu,
  MenuButton,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { Key20Regular, PersonCircle20Regular, SignOut20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { useEndSession, useSession } from "../api/queries";
import { phone } from "../components/layout";
import { texts } from "../texts";
import { setThemeChoice, useThemeChoice, type ThemeChoice } from "../theme";
import { ChangePassword } from "./ChangePassword";
import { useUser } from "./user";

const useStyles = makeStyles({
  button: { minWidth: "auto" },
  name: { maxWidth: "180px", overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", [phone]: { display: "none" } },
});

const choices: readonly ThemeChoice[] = ["system", "light", "dark"];

export function AccountMenu() {
  const styles = useStyles();
  const user = useUser();
  const version = useSession().data?.version ?? "";
  const theme = useThemeChoice();
  const signOut = useEndSession();
  const [changes, setChanges] = useState(false);
  return (
    <>
      <Menu
        checkedValues={{ theme: [theme] }}
        onCheckedValueChange={(_, { checkedItems }) => setThemeChoice((checkedItems[0] ?? "system") as ThemeChoice)}
      >
        <MenuTrigger disableButtonEnhancement>
          <MenuButton
            className={styles.button}
            appearance="subtle"
            icon={<PersonCircle20Regular />}
            aria-label={texts.account.menu(user.name)}
          >
            <span className={styles.name}>{user.name}</span>
          </MenuButton>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuGroup>
              <MenuGroupHeader>
                {user.name} · {texts.roles[user.role]}
              </MenuGroupHeader>
              <MenuItem icon={<Key20Regular />} onClick={() => setChanges(true)}>
                {texts.account.changePassword}
              </MenuItem>
            </MenuGroup>
            <MenuDivider />
            <MenuGroup>
              <MenuGroupHeader>{texts.account.theme}</MenuGroupHeader>
              {choices.map((choice) => (
                <MenuItemRadio key={choice} name="theme" value={choice}>
                  {texts.account.themes[choice]}
                </MenuItemRadio>
              ))}
            </MenuGroup>
            <MenuDivider />
            <MenuItem icon={<SignOut20Regular />} onClick={() => signOut.mutate()}>
              {texts.account.signOut}
            </MenuItem>
            <MenuDivider />
            <MenuGroup>
              <MenuGroupHeader>{texts.account.version(version)}</MenuGroupHeader>
            </MenuGroup>
          </MenuList>
        </MenuPopover>
      </Menu>
      {changes && <ChangePassword onClose={() => setChanges(false)} />}
    </>
  );
}
