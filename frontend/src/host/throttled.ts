/** Calls at once, then at most every `everyMs`; the last value always arrives. */
export function throttled<Value>(call: (value: Value) => void, everyMs: number): (value: Value) => void {
  let waiting: { value: Value } | null = null;
  let isResting = false;

  function rest(): void {
    isResting = true;
    setTimeout(() => {
      isResting = false;
      if (!waiting) return;
      const { value } = waiting;
      waiting = null;
      call(value);
      rest();
    }, everyMs);
  }

  return (value) => {
    if (isResting) {
      waiting = { value };
      return;
    }
    call(value);
    rest();
  };
}
