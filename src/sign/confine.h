/*
 * What the signing process takes from itself before it answers anybody.
 */
#ifndef TU_SIGN_CONFINE_H
#define TU_SIGN_CONFINE_H

#include <stdbool.h>

/* Before the first key is read: no core file, no other process of the user reads its memory, it
 * ends with its parent. */
void tu_sign__hide(void);

/* After its files are open: nothing remains but to read and write what is open, to have memory and
 * to end (seccomp). Everything else fails with EPERM: sockets, files, processes. True: it has been
 * tried, and a socket cannot be made. False: the system or the library cannot do it. */
bool tu_sign__confine(void);

#endif
