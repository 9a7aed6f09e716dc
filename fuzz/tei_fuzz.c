/*
 * Identifiers of the Transparency Exchange API: any bytes are one or none, and what is one is read
 * the same when it is written again; two UDIs are the same both ways.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ident/tei.h"
#include "ident/udi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void write_again(const struct tu_tei *tei)
{
	struct tu_buf text;
	struct tu_tei again;

	tu_buf_init(&text, 2 * TU_TEI_MAX);
	tu_tei_write(tei->type, tei->domain, tei->id, &text);
	demand(!text.failed && tu_tei_read(tu_buf_str(&text), &again, NULL) == TU_OK);
	demand(again.type == tei->type && tu_str_eq(again.domain, tei->domain) &&
		tu_str_eq(again.id, tei->id) && strcmp(again.uuid, tei->uuid) == 0);
	tu_buf_done(&text);
}

/* Two texts, the second after the first line end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str rest = tu_str_of((const char *)data, size), first = {0};
	struct tu_tei tei;

	if (tu_tei_read(rest, &tei, NULL) == TU_OK)
		write_again(&tei);
	demand(tu_tei_domain_of(rest).len <= size);
	demand(tu_udi_software(rest).len <= size);
	if (tu_str_split(&rest, '\n', &first))
		demand(tu_udi_same(first, rest) == tu_udi_same(rest, first));
	return 0;
}
