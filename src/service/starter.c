/* The knowledge base that the program brings along: the first one of a place that has none. */
#include <string.h>

#include "service/inside.h"

/* Opened, so that its digest is known: whoever uses it hears that it is only this one. */
enum tu_status tu_service__starter_open(struct tu_service *service, struct tu_error *err)
{
	struct tu_str bytes = service->options.starter;
	enum tu_status status;

	if (!bytes.len)
		return TU_OK;
	status = tu_kb_open_memory(bytes.ptr, bytes.len, &service->starter, err);
	if (!status)
		status = tu_kb_verify(service->starter, err);
	return status ? tu_error_prefix(err, "the built-in knowledge base") : TU_OK;
}

bool tu_service__is_starter(const struct tu_service *service, const uint8_t digest[TU_SHA256_BYTES])
{
	struct tu_kb_info info;

	if (!service->starter)
		return false;
	tu_kb_info(service->starter, &info);
	return memcmp(info.sha256, digest, TU_SHA256_BYTES) == 0;
}

static enum tu_status find_any(struct tu_tx *tx, void *self, struct tu_error *err)
{
	int64_t newest;
	enum tu_status status = tu_tx_int(tx, TU_SQL_KNOWLEDGE_NEWEST, TU_NO_BIND, &newest, err);

	*(bool *)self = !status;
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

/* One that a person put there waits for its job: it is not pushed aside. */
enum tu_status tu_service__starter_put(struct tu_service *service, struct tu_error *err)
{
	const struct tu_act act = tu_service__act(service, "system:service");
	struct tu_service_put put;
	bool any = false;
	enum tu_status status = tu_store_run(service->store, TU_TX_READ, find_any, &any, err);

	if (status || any || !service->starter)
		return status;
	status = tu_service__kb_put(service->store, service->starter, &act, &put, err);
	if (!status)
		tu_service__say(service, TU_SERVICE_INFO,
			"there was no knowledge base: the built-in one is taken");
	return status;
}

void tu_service__starter_close(struct tu_service *service)
{
	tu_kb_close(service->starter);
	service->starter = NULL;
}
