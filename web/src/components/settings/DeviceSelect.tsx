import { NativeSelect } from "@mantine/core";

interface Props {
  label: string;
  devices: MediaDeviceInfo[];
  value: string | null;
  onChange(deviceId: string): void;
  /** An entry before the devices, with an empty id. */
  defaultLabel?: string;
}

/** A native select: phones have their own picker. Browsers hide device names until the microphone is allowed. */
export function DeviceSelect({ label, devices, value, onChange, defaultLabel }: Props) {
  const named = devices.map((device, index) => ({
    value: device.deviceId,
    label: device.label || `${label} ${index + 1}`,
  }));
  const data = defaultLabel === undefined ? named : [{ value: "", label: defaultLabel }, ...named];
  return (
    <NativeSelect
      label={label}
      data={data}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
