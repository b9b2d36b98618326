import { Plate } from './plate.js';

export default function Page() {
  return <Plate />;
}
