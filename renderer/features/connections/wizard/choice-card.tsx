import './choice-card.css';

/** One of a few large choices; a radio button in all but looks. */
export function ChoiceCard(props: {
  readonly title: string;
  readonly text: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <button
      type="button"
      className="choice-card"
      aria-label={`${props.title}. ${props.text}`}
      aria-pressed={props.isChosen}
      onClick={props.onChoose}
    >
      <span className="choice-card-mark" aria-hidden />
      <span>
        <strong>{props.title}</strong>
        <span className="choice-card-text">{props.text}</span>
      </span>
    </button>
  );
}
