/* Calls an export of the kernel again and again: the cheapest there is, so that the call itself is what costs. */
__declspec(dllimport) unsigned char KeGetCurrentIrql(void);

unsigned long long work(unsigned long long times) {
  unsigned long long sum = 0;
  while (times-- > 0) sum += KeGetCurrentIrql();
  return sum;
}
