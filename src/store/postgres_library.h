/*
 * libpq, loaded when a store on PostgreSQL is opened.
 */
#ifndef TU_STORE_POSTGRES_LIBRARY_H
#define TU_STORE_POSTGRES_LIBRARY_H

#include <postgresql/libpq-fe.h>

#include "base/library.h"

#define TU_POSTGRES_SONAME "libpq.so.5"

#define TU_POSTGRES_FUNCTIONS(X) \
	X(PQclear) \
	X(PQcmdStatus) \
	X(PQcmdTuples) \
	X(PQconnectdb) \
	X(PQdescribePrepared) \
	X(PQenterPipelineMode) \
	X(PQerrorMessage) \
	X(PQexec) \
	X(PQexitPipelineMode) \
	X(PQfinish) \
	X(PQftype) \
	X(PQgetisnull) \
	X(PQgetlength) \
	X(PQgetResult) \
	X(PQgetvalue) \
	X(PQnfields) \
	X(PQntuples) \
	X(PQparameterStatus) \
	X(PQparamtype) \
	X(PQputCopyData) \
	X(PQputCopyEnd) \
	X(PQnparams) \
	X(PQpipelineSync) \
	X(PQresultErrorField) \
	X(PQresultErrorMessage) \
	X(PQresultStatus) \
	X(PQsendPrepare) \
	X(PQsendQuery) \
	X(PQsendDescribePrepared) \
	X(PQsendQueryParams) \
	X(PQsendQueryPrepared) \
	X(PQserverVersion) \
	X(PQsetClientEncoding) \
	X(PQsetNoticeProcessor) \
	X(PQsetSingleRowMode) \
	X(PQstatus)

struct tu_postgres {
	TU_POSTGRES_FUNCTIONS(TU_LIBRARY_MEMBER)
};

/* NULL: libpq is not installed. Any thread. */
const struct tu_postgres *tu_postgres(void);

#endif
