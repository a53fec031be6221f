// Stands in the page itself: what is personal leaves the address bar before anything else is loaded. The entry in the history keeps it.
(a=>{let t=a.searchParams.get("t");if(t){a.searchParams.delete("t");history.replaceState({t},"",a)}})(new URL(location));
