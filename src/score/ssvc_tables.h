/* The tables of SSVC. */
#ifndef TU_SCORE_SSVC_TABLES_H
#define TU_SCORE_SSVC_TABLES_H

#include <tutela/ssvc.h>

extern const struct tu_ssvc_table tu_ssvc_tables[];
extern const size_t tu_ssvc_table_count;

#endif
