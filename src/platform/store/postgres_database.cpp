#include "platform/store/database.h"
#include "platform/store/internal/failure.h"
namespace porchlight::store {
Result<std::unique_ptr<Database>> OpenPostgres(const PostgresOptions&) { return internal::Unavailable("PostgreSQL is not built in yet"); }
}
