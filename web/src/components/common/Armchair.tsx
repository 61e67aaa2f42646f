interface Props {
  className?: string;
}

/** The armchair of the logo. Decorative. */
export function Armchair({ className }: Props) {
  return (
    <svg className={className} viewBox="0 0 128 116" aria-hidden="true">
      <ellipse cx="64" cy="106" rx="52" ry="8" fill="var(--parlor-sunken)" />
      <rect x="30" y="92" width="9" height="14" rx="3" fill="var(--parlor-lamp)" />
      <rect x="89" y="92" width="9" height="14" rx="3" fill="var(--parlor-lamp)" />
      <rect x="33" y="12" width="62" height="70" rx="24" fill="var(--mantine-color-velvet-7)" />
      <rect x="30" y="64" width="68" height="30" rx="8" fill="var(--mantine-color-velvet-8)" />
      <rect x="14" y="46" width="26" height="48" rx="13" fill="var(--mantine-color-velvet-6)" />
      <rect x="88" y="46" width="26" height="48" rx="13" fill="var(--mantine-color-velvet-6)" />
      <circle cx="52" cy="40" r="3" fill="var(--parlor-lamp)" />
      <circle cx="64" cy="40" r="3" fill="var(--parlor-lamp)" />
      <circle cx="76" cy="40" r="3" fill="var(--parlor-lamp)" />
    </svg>
  );
}
