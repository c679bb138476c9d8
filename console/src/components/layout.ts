/** Where the navigation becomes a menu, and a details pane takes the list's place. */
export const narrow = "@media (max-width: 899px)";
/** Where a details pane has room beside its list. */
export const wide = "@media (min-width: 1240px)";
/** A telephone. */
export const phone = "@media (max-width: 599px)";
