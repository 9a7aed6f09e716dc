/*
 * Completion scripts for shells, made from the rows of commands.
 */
#ifndef TU_MANUAL_COMPLETION_H
#define TU_MANUAL_COMPLETION_H

#include <tutela/buf.h>

/* For bash 4.2 and later; needs no other package. */
void tu_completion_bash(struct tu_buf *out);

/* A file "_tutela" for zsh's $fpath. */
void tu_completion_zsh(struct tu_buf *out);

#endif
