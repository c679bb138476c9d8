import { Field, Input, makeStyles, Select, Switch, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { linkTo, navigate } from "../../routing";
import { texts } from "../../texts";

const useStyles = makeStyles({
  filters: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "end",
    gap: tokens.spacingHorizontalM,
    marginBottom: tokens.spacingVerticalM,
  },
  // An input is as wide as twenty letters unless it is told otherwise.
  number: { width: "140px", "& input": { minWidth: 0, width: "100%" }, "& .fui-Input": { minWidth: 0 } },
});

interface Props {
  severity: string;
  number: string;
  chosen: number | null;
  follow: boolean;
  onFollow: (follow: boolean) => void;
}

/** The filters are part of the place, so that a link to filtered events can be sent. */
export function EventFilters({ severity, number, chosen, follow, onFollow }: Props) {
  const styles = useStyles();
  // What is typed and is no number yet is nobody's but this field's.
  const [typed, setTyped] = useState(number);
  const isValid = /^\d{0,5}$/.test(typed);
  const filter = (next: { severity?: string; number?: string }) =>
    navigate(linkTo(chosen === null ? ["events"] : ["events", chosen], { severity, number, ...next }));
  return (
    <div className={styles.filters}>
      <Field label={texts.events.severity}>
        <Select value={severity} onChange={(_, { value }) => filter({ severity: value })}>
          <option value="">{texts.events.anySeverity}</option>
          {(["error", "warning", "information"] as const).map((one) => (
            <option key={one} value={one}>
              {texts.events.severities[one]}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={texts.events.number}
        className={styles.number}
        {...(!isValid && { validationMessage: texts.events.numberInvalid })}
      >
        <Input
          inputMode="numeric"
          type="search"
          value={typed}
          onChange={(_, { value }) => {
            setTyped(value);
            if (/^\d{0,5}$/.test(value)) {
              filter({ number: value });
            }
          }}
        />
      </Field>
      <Switch label={texts.events.follow} checked={follow} onChange={(_, { checked }) => onFollow(checked)} />
    </div>
  );
}
