import { calls } from './emulator/calls';
void calls().then((ok) => console.log(ok));
