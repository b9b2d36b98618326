/** What this site has of WebGPU: `ready`, `building` or `absent`. The build tool writes this file anew for each site. */
export const WEBGPU = 'ready';
