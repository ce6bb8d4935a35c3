/**
 * Writes a time span as people read it, in the one or two largest units that it fills.
 *
 * @param seconds at least 0
 * @returns "–" where the number is negative or not finite
 * @example
 * import { formatDuration } from "dolab";
 * formatDuration(0.418); // => "0.42 s"
 * formatDuration(185); // => "3 min 05 s"
 * formatDuration(273_600); // => "3 d 04 h"
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${twoDigits(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${twoDigits(hours % 24)} h`;
}

const twoDigits = (value: number) => String(value).padStart(2, "0");
