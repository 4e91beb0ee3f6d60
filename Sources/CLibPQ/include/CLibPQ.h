#ifndef CLIBPQ_H
#define CLIBPQ_H
int clibpq_placeholder(void);
#endif
