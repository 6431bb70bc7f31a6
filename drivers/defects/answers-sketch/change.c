/* The answer and nothing else: of what it does not speak, the reference filter does right. */
#include "../npcap-2016/answer.h"
