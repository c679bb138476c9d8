import { makeStyles, tokens } from "@fluentui/react-components";

/** How the groups of fields of all pages of options stand. */
export const useFieldStyles = makeStyles({
  group: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    minWidth: 0,
    maxWidth: "560px",
    margin: 0,
    padding: 0,
    border: "none",
  },
  heading: { margin: 0, padding: 0 },
  row: { display: "flex", flexWrap: "wrap", alignItems: "start", columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalM },
  grow: { flexGrow: 1, flexBasis: "200px", minWidth: 0 },
  // An input is as wide as twenty letters unless it is told otherwise.
  short: { width: "120px", "& input": { minWidth: 0, width: "100%" }, "& .fui-Input": { minWidth: 0 } },
  indented: { marginLeft: "32px" },
  hint: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

/** What a Field shows of an error; nothing where there is none. */
export function validation(message: string | undefined): { validationMessage?: string } {
  return message === undefined ? {} : { validationMessage: message };
}
