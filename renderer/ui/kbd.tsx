import './kbd.css';

/** Keys as they are shown beside a command: `Ctrl+K`. */
export function Kbd(props: { readonly keys: string }) {
  return <kbd className="kbd">{props.keys}</kbd>;
}
