#include "CLibPQ.h"
int clibpq_placeholder(void) { return 0; }
