import { makeStyles, MessageBar, MessageBarBody, Select, Tab, TabList, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useOptions } from "../../api/queries";
import type { SyncOptions } from "../../api/types";
import { useCanChange } from "../../app/user";
import { Answer } from "../../components/Answer";
import { narrow } from "../../components/layout";
import { Page } from "../../components/Page";
import { linkTo, navigate, type Route } from "../../routing";
import { texts } from "../../texts";
import { HistoryTab } from "./HistoryTab";
import { LanguagesTab } from "./LanguagesTab";
import { ProductsTab } from "./ProductsTab";
import { ScheduleTab } from "./ScheduleTab";
import { SourceTab } from "./SourceTab";

const useStyles = makeStyles({
  tabs: { marginBottom: tokens.spacingVerticalL, flexWrap: "wrap", [narrow]: { display: "none" } },
  select: { display: "none", marginBottom: tokens.spacingVerticalL, [narrow]: { display: "inline-flex", width: "100%" } },
  readOnly: { marginBottom: tokens.spacingVerticalM },
});

type TabName = keyof typeof texts.options.tabs;
const tabNames = Object.keys(texts.options.tabs) as TabName[];

/** #/options/source?at=proxy, …/products, …/languages, …/schedule, …/history */
export function OptionsPage({ route }: { route: Route }) {
  const styles = useStyles();
  const options = useOptions();
  const canChange = useCanChange();
  const tab = tabNames.find((name) => name === route.path[1]) ?? "source";
  const atProxy = route.query.get("at") === "proxy";

  const pages: Record<TabName, (options: SyncOptions) => ReactNode> = {
    source: (now) => <SourceTab options={now} atProxy={atProxy} />,
    products: (now) => <ProductsTab options={now} />,
    languages: (now) => <LanguagesTab options={now} />,
    schedule: (now) => <ScheduleTab options={now} />,
    history: (now) => <HistoryTab options={now} />,
  };
  const goTo = (name: unknown) => navigate(linkTo(["options", String(name)]));

  return (
    <Page title={texts.options.title}>
      {!canChange && (
        <MessageBar className={styles.readOnly}>
          <MessageBarBody>{texts.readOnly}</MessageBarBody>
        </MessageBar>
      )}
      <TabList className={styles.tabs} selectedValue={tab} onTabSelect={(_, { value }) => goTo(value)}>
        {tabNames.map((name) => (
          <Tab key={name} value={name}>
            {texts.options.tabs[name]}
          </Tab>
        ))}
      </TabList>
      <Select
        className={styles.select}
        aria-label={texts.options.title}
        value={tab}
        onChange={(_, { value }) => goTo(value)}
      >
        {tabNames.map((name) => (
          <option key={name} value={name}>
            {texts.options.tabs[name]}
          </option>
        ))}
      </Select>
      <Answer query={options}>{(now: SyncOptions) => pages[tab](now)}</Answer>
    </Page>
  );
}
