import { makeStyles, tokens } from "@fluentui/react-components";
import { useMemo } from "react";
import type { SyncOptions } from "../../api/types";
import { OptionsForm } from "./OptionsForm";
import { ProxyFields } from "./ProxyFields";
import { SourceFields } from "./SourceFields";
import { sourceChange, sourceErrors, sourceFormOf } from "./sourceForm";
import { TestOptions } from "./TestOptions";
import { useDraft } from "./useDraft";
import { wide } from "../../components/layout";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXXL,
    alignItems: "start",
    [wide]: { gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)" },
  },
});

export function SourceTab({ options, atProxy }: { options: SyncOptions; atProxy: boolean }) {
  const styles = useStyles();
  const server = useMemo(() => sourceFormOf(options), [options]);
  const { value, dirty, change, reset } = useDraft(server);
  const errors = sourceErrors(value);
  const valid = Object.keys(errors).length === 0;
  return (
    <OptionsForm dirty={dirty} valid={valid} reset={reset} toChange={() => sourceChange(value)}>
      <div className={styles.columns}>
        <SourceFields form={value} errors={errors} onChange={change} />
        <ProxyFields
          form={value}
          errors={errors}
          hasPassword={options.proxy.has_password}
          focus={atProxy}
          onChange={change}
        />
      </div>
      <TestOptions valid={valid} toChange={() => sourceChange(value)} />
    </OptionsForm>
  );
}
