import { Button } from "@fluentui/react-components";
import { Checkmark20Regular, Copy20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { texts } from "../texts";

/** Takes a text to the clipboard; over plain HTTP browsers have no clipboard of their own, and the old way is taken. */
async function copy(text: string): Promise<void> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  const area = document.createElement("textarea");
  area.value = text;
  // Inside an open dialog, whose focus trap takes the focus back from elsewhere.
  const parent = document.querySelector('[role="dialog"]') ?? document.body;
  parent.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function CopyButton({ text, label = texts.copy }: { text: () => string; label?: string }) {
  const [copied, setCopied] = useState("");
  const current = text();
  const done = copied === current;
  return (
    <Button
      icon={done ? <Checkmark20Regular /> : <Copy20Regular />}
      onClick={() => void copy(current).then(() => setCopied(current))}
    >
      {done ? texts.copied : label}
    </Button>
  );
}
