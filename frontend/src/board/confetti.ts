const COLOURS = ['--a', '--b', '--c', '--d', '--accent', '--ink'];
const PIECES = 180;
const LASTS_MS = 6000;
/** In heights of the board per ms². */
const GRAVITY = 5.5e-7;

interface Piece {
  x: number;
  y: number;
  vx: number;
  vy: number;
  turn: number;
  spin: number;
  size: number;
  colour: string;
}

/** Two bursts from the lower corners, falling; drawn on the canvas until all have landed. */
export function throwConfetti(canvas: HTMLCanvasElement): () => void {
  const paper = canvas.getContext('2d');
  if (!paper || matchMedia('(prefers-reduced-motion: reduce)').matches) return () => {};
  const { clientWidth: width, clientHeight: height } = canvas;
  const sharpness = Math.min(2, devicePixelRatio);
  canvas.width = width * sharpness;
  canvas.height = height * sharpness;
  paper.scale(sharpness, sharpness);

  const style = getComputedStyle(canvas);
  const colours = COLOURS.map((name) => style.getPropertyValue(name).trim());
  const pieces = Array.from({ length: PIECES }, (_, i) => thrown(i % 2 === 0, width, height, colours[i % colours.length] ?? ''));
  const began = performance.now();
  let before = began;
  let frame = requestAnimationFrame(draw);

  function draw(now: number): void {
    const passed = Math.min(40, now - before);
    before = now;
    paper?.clearRect(0, 0, width, height);
    if (!paper || now - began > LASTS_MS) return;
    paper.globalAlpha = Math.min(1, (LASTS_MS - (now - began)) / 1000);
    for (const piece of pieces) fall(piece, passed, height);
    for (const piece of pieces) paint(paper, piece);
    frame = requestAnimationFrame(draw);
  }

  return () => cancelAnimationFrame(frame);
}

function thrown(fromLeft: boolean, width: number, height: number, colour: string): Piece {
  const angle = (0.28 + 0.18 * Math.random()) * Math.PI;
  // Thrown hard enough to pass the top of the board, whatever its height.
  const speed = height * Math.sqrt(2 * GRAVITY) * (0.8 + 0.5 * Math.random());
  return {
    x: fromLeft ? 0 : width,
    y: height,
    vx: Math.cos(angle) * speed * (fromLeft ? 1 : -1),
    vy: -Math.sin(angle) * speed,
    turn: Math.random() * Math.PI,
    spin: (Math.random() - 0.5) * 0.02,
    size: height * (0.008 + 0.008 * Math.random()),
    colour,
  };
}

function fall(piece: Piece, passed: number, height: number): void {
  piece.vy += GRAVITY * height * passed;
  piece.vx *= 1 - 0.0004 * passed;
  piece.vy *= 1 - 0.0004 * passed;
  piece.x += piece.vx * passed;
  piece.y += piece.vy * passed;
  piece.turn += piece.spin * passed;
}

function paint(paper: CanvasRenderingContext2D, piece: Piece): void {
  paper.save();
  paper.translate(piece.x, piece.y);
  paper.rotate(piece.turn);
  // A flat strip that tumbles shows its edge now and then.
  paper.scale(1, Math.cos(piece.turn * 2));
  paper.fillStyle = piece.colour;
  paper.fillRect(-piece.size / 2, -piece.size / 4, piece.size, piece.size / 2);
  paper.restore();
}
