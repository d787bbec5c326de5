#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "platform/http/routing.h"

namespace porchlight::http {

namespace {

bool IsParameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// "/a/b" is "a" and "/b"; the first segment of "/" is empty.
std::pair<std::string_view, std::string_view> CutSegment(std::string_view path) {
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash)};
}

void CheckComplete(const Route& route) {
  PL_CHECK(!route.name.empty());
  PL_CHECK(route.pattern.starts_with('/'));
  PL_CHECK(static_cast<bool>(route.handler) != static_cast<bool>(route.streaming));
  PL_CHECK(route.entrance != Entrance::kOpen || route.permission.empty());
}

}  // namespace

void Router::Add(Route route) {
  CheckComplete(route);
  const std::size_t index = routes_.size();
  std::vector<std::string> names;
  std::size_t node = 0;
  bool takes_rest = false;
  std::string_view rest = route.pattern;
  while (!rest.empty() && rest != "/") {
    const auto [segment, after] = CutSegment(rest);
    PL_CHECK(!segment.empty() && !takes_rest);
    rest = after;
    std::size_t next = 0;
    if (IsParameter(segment)) {
      takes_rest = segment[segment.size() - 2] == '*';
      names.emplace_back(segment.substr(1, segment.size() - (takes_rest ? 3 : 2)));
      if (takes_rest) continue;
      next = nodes_[node].parameter;
      if (next == 0) nodes_[node].parameter = next = nodes_.size();
    } else {
      PL_CHECK(segment.find_first_of("{}*") == std::string_view::npos);
      const auto [there, added] = nodes_[node].literals.try_emplace(std::string(segment), nodes_.size());
      next = there->second;
    }
    if (next == nodes_.size()) nodes_.emplace_back();
    node = next;
  }
  std::vector<std::size_t>& here = takes_rest ? nodes_[node].rests : nodes_[node].ends;
  for (const std::size_t other : here) PL_CHECK(routes_[other].method != route.method);
  here.push_back(index);
  names_.push_back(std::move(names));
  routes_.push_back(std::move(route));
}

const std::vector<std::size_t>* Router::Walk(std::size_t node, std::string_view rest,
                                             std::vector<std::string_view>& values) const {
  const Node& here = nodes_[node];
  if (rest.empty() && !here.ends.empty()) return &here.ends;
  if (!rest.empty()) {
    const auto [segment, after] = CutSegment(rest);
    const auto literal = here.literals.find(segment);
    if (literal != here.literals.end()) {
      if (const auto* found = Walk(literal->second, after, values)) return found;
    }
    if (here.parameter != 0) {
      values.push_back(segment);
      if (const auto* found = Walk(here.parameter, after, values)) return found;
      values.pop_back();
    }
  }
  if (here.rests.empty()) return nullptr;
  values.push_back(rest.empty() ? rest : rest.substr(1));
  return &here.rests;
}

Router::Match Router::Find(Method method, std::string_view path) const {
  Match match;
  if (!path.starts_with('/')) return match;
  if (path == "/") path = {};
  std::vector<std::string_view> values;
  const std::vector<std::size_t>* found = Walk(0, path, values);
  if (found == nullptr) return match;
  match.path_exists = true;
  const auto with = [&](Method wanted) {
    return std::find_if(found->begin(), found->end(), [&](std::size_t index) { return routes_[index].method == wanted; });
  };
  auto chosen = with(method);
  if (chosen == found->end() && method == Method::kHead) chosen = with(Method::kGet);
  if (chosen != found->end()) {
    match.route = &routes_[*chosen];
    const std::vector<std::string>& names = names_[*chosen];
    for (std::size_t i = 0; i < names.size(); ++i) match.path_values.emplace(names[i], values[i]);
    return match;
  }
  for (const std::size_t index : *found) {
    const Route& route = routes_[index];
    if (match.sibling == nullptr || (route.refuse && !match.sibling->refuse)) match.sibling = &route;
    match.allow += (match.allow.empty() ? "" : ", ") + std::string(NameOf(route.method));
    if (route.method == Method::kGet) match.allow += ", HEAD";
  }
  return match;
}

}  // namespace porchlight::http
