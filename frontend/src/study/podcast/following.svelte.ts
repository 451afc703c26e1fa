/** Whether the page keeps what is said in view: until the reader scrolls. */
export class Following {
  is = $state(true);
}
