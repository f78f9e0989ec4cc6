import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import './corner.css';

/** The one stack in the corner of the window, made when something first wants to stand there. */
function cornerStack(): HTMLElement {
  const found = document.querySelector<HTMLElement>('body > .corner');
  if (found !== null) return found;
  const made = document.createElement('div');
  made.className = 'corner';
  document.body.append(made);
  return made;
}

/** Puts something into the bottom corner of the window, over its content. Several things stand above one another there. */
export function Corner(props: { readonly children: ReactNode }) {
  return createPortal(props.children, cornerStack());
}
