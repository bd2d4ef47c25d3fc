export { readVault, type VaultOptions } from './vault.ts';
