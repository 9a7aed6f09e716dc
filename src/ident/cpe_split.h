/*
 * A CPE name in the form in which tu_cpe_write() writes it, taken apart where it is: knowledge
 * bases keep names in this form, and a scan looks at thousands of them.
 */
#ifndef TU_IDENT_CPE_SPLIT_H
#define TU_IDENT_CPE_SPLIT_H

#include <tutela/cpe.h>

/* The attributes borrow `name`. False: it has not eleven of them, or is no such name. Values are
 * not checked. */
bool tu_cpe__split(struct tu_str name, struct tu_cpe *out_cpe);

#endif
