// Numbers as people type and read them.

export function shortNumber(value) {
  const text = Math.abs(value) >= 1e5 || (value && Math.abs(value) < 1e-3) ? value.toExponential(1) : String(Number(value.toPrecision(4)));
  return text.replace(/-/g, "−").replace("e+", "e");
}

// With a true minus sign or a decimal comma as well; NaN for anything else.
export function typedNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
