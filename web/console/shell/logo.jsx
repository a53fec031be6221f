/** The sign of the product: a dial. */
export const Logo = ({ size = 28 }) => (
  <svg class="logo" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
    <rect width="32" height="32" rx="8" />
    <path d="M7 21a9 9 0 0 1 18 0M16 21l4-6" />
  </svg>
);
