/*
 * What the service says to whoever started it: sd_notify(3), a datagram to the socket that
 * the variable NOTIFY_SOCKET names. Without one, or when nobody listens, nothing happens.
 */
#ifndef TU_DATADIR_NOTIFY_H
#define TU_DATADIR_NOTIFY_H

/* `path`: of the socket, "@" for an abstract one; NULL is fine. "READY=1", "STOPPING=1". */
void tu_notify(const char *path, const char *state);

#endif
