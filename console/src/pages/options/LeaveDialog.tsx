import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { texts } from "../../texts";

export function LeaveDialog({ open, onStay, onLeave }: { open: boolean; onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog open={open} modalType="alert" onOpenChange={(_, data) => !data.open && onStay()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{texts.options.leaveTitle}</DialogTitle>
          <DialogContent>{texts.options.leaveText}</DialogContent>
          <DialogActions>
            <Button onClick={onLeave}>{texts.options.discard}</Button>
            <Button appearance="primary" onClick={onStay}>
              {texts.options.stay}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
