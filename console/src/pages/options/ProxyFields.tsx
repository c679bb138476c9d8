import { Checkbox, Field, Input, Subtitle1, Switch, Textarea } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { useCanChange } from "../../app/user";
import { texts } from "../../texts";
import { useFieldStyles, validation } from "./fields";
import { ProxyLogin } from "./ProxyLogin";
import type { SourceErrors, SourceForm } from "./sourceForm";

interface Props {
  form: SourceForm;
  errors: SourceErrors;
  hasPassword: boolean;
  /** Whoever comes from a proxy's error is led here. */
  focus: boolean;
  onChange: (next: Partial<SourceForm>) => void;
}

export function ProxyFields({ form, errors, hasPassword, focus, onChange }: Props) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus) {
      section.current?.scrollIntoView({ block: "start" });
      section.current?.querySelector<HTMLInputElement>("input")?.focus();
    }
  }, [focus]);
  return (
    <section className={styles.group} ref={section}>
      <Subtitle1 as="h2" className={styles.heading}>
        {texts.proxy.heading}
      </Subtitle1>
      <Switch
        label={texts.proxy.enabled}
        checked={form.proxyEnabled}
        disabled={disabled}
        onChange={(_, { checked }) => onChange({ proxyEnabled: checked })}
      />
      {form.proxyEnabled && (
        <>
          <Address
            label={texts.proxy.server}
            portLabel={texts.proxy.port}
            server={form.server}
            port={form.port}
            errors={[errors.server, errors.port]}
            onServer={(server) => onChange({ server })}
            onPort={(port) => onChange({ port })}
          />
          <ProxyLogin form={form} hasPassword={hasPassword} onChange={onChange} />
          <Checkbox
            label={texts.proxy.tlsOwn}
            checked={form.tlsOwn}
            disabled={disabled}
            onChange={(_, { checked }) => onChange({ tlsOwn: checked === true })}
          />
          {form.tlsOwn && (
            <Address
              label={texts.proxy.tlsServer}
              portLabel={texts.proxy.tlsPort}
              server={form.tlsServer}
              port={form.tlsPort}
              errors={[errors.tlsServer, errors.tlsPort]}
              onServer={(tlsServer) => onChange({ tlsServer })}
              onPort={(tlsPort) => onChange({ tlsPort })}
            />
          )}
          <Field label={texts.proxy.bypass} hint={texts.proxy.bypassHint}>
            <Textarea
              value={form.bypass}
              disabled={disabled}
              resize="vertical"
              onChange={(_, { value }) => onChange({ bypass: value })}
            />
          </Field>
        </>
      )}
    </section>
  );
}

interface AddressProps {
  label: string;
  portLabel: string;
  server: string;
  port: string;
  errors: [server: string | undefined, port: string | undefined];
  onServer: (value: string) => void;
  onPort: (value: string) => void;
}

function Address({ label, portLabel, server, port, errors, onServer, onPort }: AddressProps) {
  const styles = useFieldStyles();
  const disabled = !useCanChange();
  return (
    <div className={styles.row}>
      <Field className={styles.grow} label={label} hint={texts.proxy.serverHint} {...validation(errors[0])}>
        <Input value={server} disabled={disabled} autoComplete="off" onChange={(_, { value }) => onServer(value)} />
      </Field>
      <Field className={styles.short} label={portLabel} {...validation(errors[1])}>
        <Input inputMode="numeric" value={port} disabled={disabled} onChange={(_, { value }) => onPort(value)} />
      </Field>
    </div>
  );
}
